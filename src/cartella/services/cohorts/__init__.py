"""The use-cases of whole cohorts: match, the deciding test, feasibility, invented cohorts."""

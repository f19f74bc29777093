"""Centres and what is known of each; what taking part in a trial asks of a patient."""

from cartella.network.burden import Burden, burden_group, burdens
from cartella.network.centres import CentreFacts, Known, centre_facts

__all__ = ["Burden", "CentreFacts", "Known", "burden_group", "burdens", "centre_facts"]

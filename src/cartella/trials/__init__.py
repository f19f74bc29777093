"""What a study is: its record, its sites, its status, the therapy it tests and its criteria."""

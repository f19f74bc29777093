"""The pages: what a patient, a physician and a centre see in a browser. `create_app` makes the application."""

from cartella.web.app import create_app
from cartella.web.desk import Desk

__all__ = ["Desk", "create_app"]

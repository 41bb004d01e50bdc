"""What citizens see, without an account."""

from flask import Blueprint

bp = Blueprint("public", __name__)

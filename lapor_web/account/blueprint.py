"""The blueprint of accounts. Its settings are closed by themselves; the rest is for strangers."""

from flask import Blueprint

bp = Blueprint("account", __name__)

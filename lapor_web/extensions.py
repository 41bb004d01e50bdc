"""The extensions, unbound; `create_app` binds them."""

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

from lapor_web.models import Base

db = SQLAlchemy(metadata=Base.metadata)
migrate = Migrate()

"""The extensions, unbound; `create_app` binds them."""

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

from lapor_web.database_session import DatabaseSession
from lapor_web.models import Base

db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": DatabaseSession})
migrate = Migrate()

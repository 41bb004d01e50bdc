"""The session of a request: SQLAlchemy's own, which can ask each statement alone, without a transaction.

It asks through one connection then, which commits by itself, and spares what a session does around a
transaction.
"""

from typing import Any

from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine


class DatabaseSession(Session):
    _alone: Connection | None = None

    @property
    def asks_alone(self) -> bool:
        return self._alone is not None

    def ask_alone(self) -> None:
        """From here on, until it is closed. To be said before the first statement; a session that is
        in somebody's transaction already stays in it."""
        bind = self.get_bind()
        if isinstance(bind, Engine) and not self.in_transaction():
            self._alone = bind.connect().execution_options(isolation_level="AUTOCOMMIT")

    def get_bind(self, *what: Any, **named: Any) -> Engine | Connection:
        return self._alone or super().get_bind(*what, **named)

    def connection(self, *what: Any, **named: Any) -> Connection:
        return self._alone or super().connection(*what, **named)

    def commit(self) -> None:
        """What was asked alone is committed."""
        if self.in_transaction() or not self.asks_alone:
            super().commit()

    def rollback(self) -> None:
        """Nothing of what was asked alone is taken back. Where its connection died, what is asked next
        is asked within a transaction, for another connection would not commit by itself."""
        super().rollback()
        if self._alone and self._alone.invalidated:
            self._let_go()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._let_go()

    def _let_go(self) -> None:
        if alone := self._alone:
            self._alone = None
            alone.close()

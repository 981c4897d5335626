"""The Technology Compatibility Kit in sets: each case is one row of a relation, decided by DuckDB.

What cannot be said in SQL, or what stops the statement, counts as refused and never as passed.
"""

import duckdb

from yinuo.kernel.errors import YinuoError
from yinuo.rules.dmn.decide import Answer, Engine, Given
from yinuo.rules.dmn.model import Models
from yinuo.rules.feel.values import DateTime, Value
from yinuo.rules.sql.program import GIVEN_SCALE, Program, write
from yinuo.rules.sql.refusals import NotInSql, Refusal
from yinuo.rules.sql.sets import connection, decide_rows


class StatementStopped(YinuoError):
    """A statement that stopped at a row instead of saying something else than the window."""

    code = "RULES-E131"

    def __init__(self, name: str, said: str) -> None:
        super().__init__(
            f"“{name}”的 SQL 停在一行：{said.strip().splitlines()[0]}",
            place=name,
            next_step="核对这一行的值，或用 yinuo rules decide 逐件判定",
        )


class SetEngine(Engine):
    """Decides as the window does, but by SQL over a relation of one row."""

    def __init__(self, models: Models) -> None:
        super().__init__(models)
        self._programs: dict[str, Program | YinuoError] = {}
        self._database = connection()

    def decide(
        self, name: str, given: Given, *, namespace: str = "", at: DateTime | None = None
    ) -> Answer:
        """The value of a decision, service or knowledge model.

        Raises `UnknownDecision`, `NotInSql`, `StatementStopped`.
        """
        del namespace, at  # models are asked by their main one; SQL reads no clock
        program = self._program(name)
        try:
            found = decide_rows(program, [self._row(program, given)], self._database)
        except Refusal as refusal:
            raise NotInSql(name, refusal) from refusal
        except duckdb.Error as error:
            raise StatementStopped(name, str(error)) from error
        return Answer(name, found[0][name], (), ())

    def _program(self, name: str) -> Program:
        if name not in self._programs:
            try:
                self._programs[name] = write(self.models, [name], scale=GIVEN_SCALE)
            except YinuoError as error:
                self._programs[name] = error
        found = self._programs[name]
        if isinstance(found, YinuoError):
            raise found
        return found

    def _row(self, program: Program, given: Given) -> dict[str, Value]:
        """The values of the columns the program reads; those under an import's name come first."""
        found = {name: given.get(name) for name in program.inputs}
        for imported in self.main.imports:
            held = given.get(imported.name)
            if isinstance(held, dict):
                found |= {name: each for name, each in held.items() if name in program.inputs}
        return found

"""Dates as people type them; read where plans and tables are."""

from yinuo.kernel.written_dates import is_part_of_date, serial_date, written_date

__all__ = ["is_part_of_date", "serial_date", "written_date"]

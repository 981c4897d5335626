"""Names of the kinds of files that pages send."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

"""Problems to zero: their life, their areas, their table, and which of them come again. Pure."""

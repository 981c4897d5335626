"""The tables SPGL_* of the national exchange standard: layout, reading, writing, events. Pure."""

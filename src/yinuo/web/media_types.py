"""Names of the kinds of files that pages send."""

from yinuo.kernel.media.formats import BY_NAME

XLSX = BY_NAME["xlsx"].media_type

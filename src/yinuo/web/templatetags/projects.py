"""How pages of projects write amounts of money, sums and lines."""

from django import template

from yinuo.web.money import fen, fen_sum, plain_fen
from yinuo.web.project_lines import lamp_html, project_heads, project_rows

register = template.Library()

register.filter(fen)
register.filter(plain_fen)
register.filter(fen_sum)
register.simple_tag(project_heads, name="project_table_heads")
register.simple_tag(project_rows, name="project_table_rows")
register.simple_tag(lamp_html, name="lamp")

"""How pages show a light: shape, word and colour, with the reason at hand."""

from django import template

from yinuo.web.curves import drawing
from yinuo.web.lights import light_html

register = template.Library()
register.simple_tag(light_html, name="light")
register.simple_tag(drawing)

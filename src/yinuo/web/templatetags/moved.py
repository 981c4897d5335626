"""Requests to change promises, and what differs, as parts of pages."""

from django import template

from yinuo.web.moves import differences_html, moved_item

register = template.Library()

register.simple_tag(differences_html, name="differences")
register.simple_tag(moved_item)

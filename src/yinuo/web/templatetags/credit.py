"""How pages of credit data write shares."""

from django import template

from yinuo.web.credit_words import per_mille, plus

register = template.Library()

register.filter(per_mille)
register.filter(plus)

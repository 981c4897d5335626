"""How pages of credit data write shares, and lead to one another."""

from django import template

from yinuo.web.credit_words import credit_ways, per_mille, plus

register = template.Library()

register.simple_tag(credit_ways)
register.filter(per_mille)
register.filter(plus)

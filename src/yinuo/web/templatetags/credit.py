"""How pages of credit data write shares, and lead to one another."""

from django import template

from yinuo.web.credit_words import credit_ways, keeps_credit, may_ask, per_mille, plus

register = template.Library()

register.simple_tag(credit_ways)
register.filter(keeps_credit)
register.filter(may_ask)
register.filter(per_mille)
register.filter(plus)

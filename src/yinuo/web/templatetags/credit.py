"""How pages of credit data write shares, and lead to one another."""

from django import template

from yinuo.credit.catalogue.words import cycle_words, opening_words, sharing_words
from yinuo.web.credit_words import credit_ways, keeps_credit, may_ask, per_mille, plus

register = template.Library()

register.simple_tag(credit_ways)
register.filter(keeps_credit)
register.filter(may_ask)
register.filter(per_mille)
register.filter(plus)
register.filter("cycle", cycle_words)
register.filter("sharing", sharing_words)
register.filter("opening", opening_words)

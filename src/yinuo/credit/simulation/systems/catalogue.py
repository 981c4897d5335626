"""The 21 city systems, in the order in which they are written."""

from types import MappingProxyType

from yinuo.credit.simulation.systems import checking, deciding, listing, paying, registering

SYSTEMS = (
    registering.REGISTRATION,
    registering.HISTORY,
    deciding.LICENCE,
    deciding.PENALTY,
    paying.TAX_ARREARS,
    paying.TAX_CREDIT,
    paying.INSURANCE,
    paying.INSURANCE_ARREARS,
    paying.HOUSING,
    paying.WATER,
    paying.POWER,
    paying.GAS,
    paying.HEATING,
    checking.ENVIRONMENT,
    checking.SAFETY,
    checking.FIRE,
    listing.ABNORMAL,
    listing.DISHONEST,
    listing.COURT,
    listing.LETTERS,
    listing.CONTRACTS,
)
BY_ID = MappingProxyType({system.id: system for system in SYSTEMS})

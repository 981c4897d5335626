from tests.visits import city, july, sign_in

__all__ = ["city", "july", "sign_in"]

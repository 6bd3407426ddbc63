from tests.web.checking import Enter

__all__ = ["Enter"]

"""Functions on contexts."""

from yinuo.rules.feel.functions.declare import Family
from yinuo.rules.feel.kinds import said
from yinuo.rules.feel.values import NoValue, Value

CONTEXTS = Family()
Entries = dict[str, Value]


@CONTEXTS.add("get value(m: context, key: string)")
def get_value(context: Entries, key: str) -> Value:
    """What stands under the key."""
    if key not in context:
        raise NoValue(f"上下文里没有“{key}”")
    return context[key]


@CONTEXTS.add("get value(m: context, keys: list)")
def get_value_at(context: Entries, keys: list[Value]) -> Value:
    """What stands under the last key, in the context under the one before."""
    found: Value = context
    for key in _keys(keys):
        if not isinstance(found, dict) or key not in found:
            raise NoValue(f"上下文里没有“{key}”")
        found = found[key]
    return found


@CONTEXTS.add("get entries(m: context)")
def get_entries(context: Entries) -> Value:
    """A list of contexts with `key` and `value`."""
    return [{"key": key, "value": value} for key, value in context.items()]


@CONTEXTS.add("context(entries: list)")
def context_of(entries: list[Value]) -> Value:
    """The context of a list of contexts with `key` and `value`."""
    found: Entries = {}
    for entry in entries:
        if not isinstance(entry, dict) or not {"key", "value"} <= entry.keys():
            raise NoValue("每一项应是有 key 和 value 的上下文")
        key = entry["key"]
        if not isinstance(key, str):
            raise NoValue(f"key 应是文本，却是{said(key)}")
        if key in found:
            raise NoValue(f"“{key}”出现了两次")
        found[key] = entry["value"]
    return found


@CONTEXTS.add("context put(context: context, key: string, value: Any)")
def context_put(context: Entries, key: str, value: Value) -> Value:
    """The context with the value under the key."""
    return {**context, key: value}


@CONTEXTS.add("context put(context: context, keys: list, value: Any)")
def context_put_at(context: Entries, keys: list[Value], value: Value) -> Value:
    """The context with the value under the last key, in the context under the one before."""
    path = _keys(keys)
    if not path:
        raise NoValue("没有给定 key")
    found: Value = value
    for place in range(len(path) - 1, -1, -1):
        outer = _within(context, path[:place])
        found = {**outer, path[place]: found}
    return found


def _within(context: Entries, path: list[str]) -> Entries:
    found: Value = context
    for key in path:
        inner = found.get(key) if isinstance(found, dict) else None
        if not isinstance(inner, dict):
            raise NoValue(f"“{key}”下没有上下文")
        found = inner
    return found if isinstance(found, dict) else {}


@CONTEXTS.add("context merge(contexts: list)")
def context_merge(contexts: list[Value]) -> Value:
    """The entries of all; of the same key the last."""
    found: Entries = {}
    for each in contexts:
        if not isinstance(each, dict):
            raise NoValue(f"列表里有{said(each)}，应都是上下文")
        found.update(each)
    return found


def _keys(keys: list[Value]) -> list[str]:
    found = [key for key in keys if isinstance(key, str)]
    if len(found) < len(keys):
        raise NoValue("key 应都是文本")
    return found

"""Service items (政务服务事项) by the national 实施清单: what they say, and whether it holds."""

"""The register of projects as it is filtered, counted and told."""

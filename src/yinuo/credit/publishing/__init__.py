"""Publishing: live records with the entities they belong to, as a release. Pure."""

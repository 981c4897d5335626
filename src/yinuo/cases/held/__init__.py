"""Documents that the city holds already, and the registers that hold them. Pure."""

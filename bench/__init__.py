"""How fast Waypost is, as ratios measured in one run; `make bench`."""

"""The bulletin: one page a county and night, of counts alone. Each figure and table of it is one SQL file here."""

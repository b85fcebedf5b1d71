"""The pure core: values in, values out; no file, no clock, no chance, no framework."""

"""The rules, pure: values in, values out; no input, output, clock, randomness or framework."""

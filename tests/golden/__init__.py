"""Cases with known answers: `compute` maps their names onto the core."""

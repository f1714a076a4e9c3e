"""Cases: work with steps and clocks, whose kinds are data. What a step changes on the roll is an effect."""

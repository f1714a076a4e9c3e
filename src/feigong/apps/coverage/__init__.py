"""Coverage plans: made as jobs on the roll of a day, stored whole, read by each as far as one may see."""

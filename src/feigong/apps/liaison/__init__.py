"""Liaison officers: who looks after whom by a plan, and their visits. Where somebody is or goes is recorded nowhere."""

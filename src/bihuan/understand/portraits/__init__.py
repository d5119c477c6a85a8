"""Portraits of the whole base: who the customers are, group by group, and how unevenly their assets lie."""

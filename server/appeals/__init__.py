"""Appeals against published results: written by a delegation, answered and ruled on by people who are not party."""

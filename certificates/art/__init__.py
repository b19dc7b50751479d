"""Vector art drawn by arithmetic: security line work, frames, seals' surroundings. Every length is in millimetres."""

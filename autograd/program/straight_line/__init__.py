"""Programs without branches: how they are made, differentiated and simplified."""

"""Division of farmland into categories of soil quality (农用地类别划分) (core)."""

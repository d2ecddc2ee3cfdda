"""What portals share: forms and their fields, the registry of portals, the texts of stages, letters as PDF."""

locals { replicas_protectable = true }

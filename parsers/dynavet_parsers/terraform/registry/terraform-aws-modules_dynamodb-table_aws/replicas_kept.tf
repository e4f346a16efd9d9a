# Up to 5.0 a replica is not protected from deletion.
locals { replicas_protectable = false }

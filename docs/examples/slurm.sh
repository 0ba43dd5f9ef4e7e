#!/bin/bash
#SBATCH --array=1-50
#SBATCH --cpus-per-task=4
#SBATCH --mem=9G
#SBATCH --time=08:00:00
#SBATCH --signal=B:TERM@120
#SBATCH --requeue
exec node_modules/.bin/pleura prep "$SCANS" --out "$OUT" --workers 4 --log json \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"

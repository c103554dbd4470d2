# What templates and workflow steps import as vela/NAME: one file a package.
set(OAM_PACKAGES
  builtin.cue
  config.cue
  email.cue
  helm.cue
  http.cue
  kube.cue
  metrics.cue
  multicluster.cue
  oam.cue
  op.cue
  ql.cue
  query.cue
  terraform.cue
  time.cue
  util.cue
)

/** What a record may leave open, as a person would ask for it. */
export type Unsaid = 'port' | 'protocol' | 'address' | 'owner of an address' | 'domain name' | 'workload' | 'kind of workload' | 'Service' | 'name';

/** Whether something is what was asked for; where the record does not say, what it leaves open: that is neither yes nor no. */
export type Fit = boolean | Unsaid;

/** All of them hold. One that does not decides, whatever the others leave open. */
export function allFit(fits: readonly Fit[]): Fit {
  return fits.includes(false) ? false : fits.find((fit) => fit !== true) ?? true;
}

export function anyFits(fits: readonly Fit[]): Fit {
  return fits.includes(true) ? true : fits.find((fit) => fit !== false) ?? false;
}

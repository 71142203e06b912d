// Dates as whole days since 1970-01-01, and in words. No time zone enters: a day is a day.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY = 86400000;

function dayOf(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  return dayFrom(year, month - 1, day);
}

// Months beyond 0 to 11 run on into other years. Date.UTC alone takes the year 25 for 1925.
function dayFrom(year, month, day) {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return Math.round(date.getTime() / DAY);
}

function partsOf(day) {
  const date = new Date(day * DAY);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), day: date.getUTCDate() };
}

function isoOf(day) {
  const { year, month, day: date } = partsOf(day);
  const pad = (number, width) => String(number).padStart(width, "0");
  return `${pad(year, 4)}-${pad(month + 1, 2)}-${pad(date, 2)}`;
}

function dayInWords(day) {
  const { year, month, day: date } = partsOf(day);
  return `${date} ${MONTHS[month]} ${year}`;
}

// Both ends included; null where open. Whole months and years are called by their names.
function spanInWords(first, last) {
  if (first === null && last === null) return "";
  if (first === null) return `by ${wholeEnd(last)}`;
  if (last === null) return `from ${wholeStart(first)}`;
  if (first === last) return dayInWords(first);
  const a = partsOf(first);
  const b = partsOf(last);
  const startsMonth = a.day === 1;
  const endsMonth = partsOf(last + 1).day === 1;
  if (startsMonth && endsMonth) {
    if (a.month === 0 && b.month === 11) return a.year === b.year ? `${a.year}` : `${a.year}–${b.year}`;
    if (a.year !== b.year) return `${MONTHS[a.month]} ${a.year} – ${MONTHS[b.month]} ${b.year}`;
    return a.month === b.month ? `${MONTHS[a.month]} ${a.year}` : `${MONTHS[a.month]}–${MONTHS[b.month]} ${a.year}`;
  }
  if (a.year !== b.year) return `${dayInWords(first)} – ${dayInWords(last)}`;
  if (a.month !== b.month) return `${a.day} ${MONTHS[a.month]} – ${dayInWords(last)}`;
  return `${a.day}–${dayInWords(last)}`;
}

function wholeEnd(day) {
  const { year, month } = partsOf(day);
  if (partsOf(day + 1).day !== 1) return dayInWords(day);
  return month === 11 ? `the end of ${year}` : `the end of ${MONTHS[month]} ${year}`;
}

function wholeStart(day) {
  const { year, month, day: date } = partsOf(day);
  if (date !== 1) return dayInWords(day);
  return month === 0 ? `${year}` : `${MONTHS[month]} ${year}`;
}

// Steps of an axis, in months; the finest is a day, written as 0.
const STEPS = [0, 1, 3, 12, 60, 120, 600, 1200];

// The bins of an axis from first to last in the finest step that gives at most `most`: [{from, to, label}].
function bins(first, last, most) {
  const days = last - first + 1;
  const months = days / 30.44;
  const step = STEPS.find((size) => (size ? months / size + 1 : days) <= most) || 12000;
  const found = [];
  let from = first;
  if (step) {
    const { year, month } = partsOf(first);
    from = dayFrom(0, Math.floor((year * 12 + month) / step) * step, 1);
  }
  while (from <= last && found.length <= most) {
    const { year, month } = partsOf(from);
    const to = step ? dayFrom(year, month + step, 1) - 1 : from;
    found.push({ from, to, label: binLabel(step, from) });
    from = to + 1;
  }
  return found;
}

function binLabel(step, from) {
  const { year, month, day } = partsOf(from);
  if (step >= 12) return `${year}`;
  if (step) return month === 0 ? `${year}` : MONTHS[month];
  return day === 1 ? MONTHS[month] : `${day}`;
}

// Labelled places of an axis: few, at round dates inside of the span.
function ticks(first, last, most) {
  const days = last - first + 1;
  if (days <= most * 7 && days > most) {
    const found = [];
    for (let day = first + ((11 - ((first % 7) + 7)) % 7); day <= last; day += 7) {
      const { month, day: date } = partsOf(day);
      found.push({ day, label: `${date} ${MONTHS[month]}` });
    }
    return found;
  }
  return bins(first, last, most)
    .filter((bin) => bin.from >= first)
    .map((bin, place) => ({ day: bin.from, label: place === 0 ? firstLabel(bin) : bin.label }));
}

// The first label of an axis says its year too.
function firstLabel(bin) {
  const { year, month, day } = partsOf(bin.from);
  if (bin.label === `${year}`) return bin.label;
  return bin.label === MONTHS[month] ? `${MONTHS[month]} ${year}` : `${day} ${MONTHS[month]}`;
}

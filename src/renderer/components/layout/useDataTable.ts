import {
  type ColumnDef,
  getCoreRowModel,
  getFilteredRowModel,
  getPaginationRowModel,
  getSortedRowModel,
  type Row as TableRow,
  useVueTable,
} from "@tanstack/vue-table";
import { useStorage } from "@vueuse/core";
import { computed, nextTick, type Ref, ref, shallowRef, watch } from "vue";

/** Numbers or texts, the lowest first. */
export type Rank = number | string;

export interface Column<Row> {
  readonly key: string;
  readonly label: string;
  /** Figures stand flush right. */
  readonly isNumber?: boolean;
  readonly width?: string;
  /**
   * What rows are ordered by where the table is ordered by this column; a rank of null comes last, whatever the direction. Figures
   * stand in files as this number, in full precision. Null for a column that says nothing to order by.
   */
  readonly toRank: ((row: Row) => Rank | null) | null;
}

export interface TableWish<Row> {
  readonly rows: () => readonly Row[];
  readonly columns: () => readonly Column<Row>[];
  /** What the filter looks through; without it there is no filter. */
  readonly toText?: ((row: Row) => string) | undefined;
  /** The key of the column by which rows are ordered, from its lowest on; null leaves them as they come. */
  readonly order?: () => string | null;
  /** Shows some rows at first, and more with every wish. */
  readonly isLong?: boolean;
}

/** What a person ordered a table by. */
interface Order {
  readonly id: string;
  readonly desc: boolean;
}

/** Fewer columns need no choice. */
const CHOICE_FROM_COLUMNS = 4;
/** Rows that are shown at first, and with every wish for more. */
const PAGE_ROWS = 100;
/** Fewer rows are seen at a glance. */
const FILTER_FROM_ROWS = 12;
/** A column that is not shown: what the filter looks through. */
const TEXT = "filtered text";

/**
 * Orders and filters the rows of a table and shows a long one page by page. A row passes the filter that has all of its words,
 * in whatever letters. Throws a plain Error where rows are ordered by a column that has no rank.
 */
export function useDataTable<Row extends { readonly id: string }>(wish: TableWish<Row>) {
  const { rows, columns, toText, order = () => null, isLong = false } = wish;
  const wanted = ref("");
  const pageRows = ref(PAGE_ROWS);
  watch(wanted, () => (pageRows.value = PAGE_ROWS));
  const chosen = shallowRef<Order | null>(null);
  watch(order, () => (chosen.value = null));
  /** Tables of one kind have the same columns, and hide the same ones. */
  const hidden = useStorage<readonly string[]>(
    `hinas.hiddenColumns.${columns()
      .map(({ key }) => key)
      .join(".")}`,
    [],
  );

  const data = computed(() => [...rows()]);
  const definitions = computed(() => toDefinitions(columns(), toText));
  const state = {
    sorting: computed(() => (chosen.value === null ? toSorting(columns(), order()) : [chosen.value])),
    columnVisibility: computed(() => ({
      ...Object.fromEntries(hidden.value.map((key) => [key, false])),
      [TEXT]: false,
    })),
    columnFilters: computed(() => (toText === undefined ? [] : [{ id: TEXT, value: toWords(wanted.value) }])),
    pagination: computed(() => ({ pageIndex: 0, pageSize: isLong ? pageRows.value : Number.MAX_SAFE_INTEGER })),
  };
  const table = createTable(data, definitions, state);
  const matching = computed(() => table.getFilteredRowModel().rows.length);

  return {
    table,
    /** What is typed into the filter. */
    wanted,
    /** How many rows pass the filter. */
    matching,
    /** How many rows the next page has; 0 where all are shown. */
    more: computed(() => (isLong ? Math.min(PAGE_ROWS, Math.max(0, matching.value - pageRows.value)) : 0)),
    hasFilter: computed(() => toText !== undefined && (data.value.length >= FILTER_FROM_ROWS || wanted.value !== "")),
    showMore: () => {
      pageRows.value += PAGE_ROWS;
    },
    /** The columns that a person does not want to see, by key, remembered for tables with the same columns. */
    hidden,
    /** Those that may be hidden: never the first, which says what a row is. */
    choosable: computed(() => (columns().length < CHOICE_FROM_COLUMNS ? [] : columns().slice(1))),
    /** Columns as they are shown, by key. */
    shown: computed(() => new Map(columns().map((column) => [column.key, column]))),
    sorting: state.sorting,
    orderBy: (key: string) => (chosen.value = nextOrder(key, columns(), state.sorting.value[0])),
    withAllRows: <T>(look: () => T): Promise<T> => withAllRows(pageRows, look),
  };
}

interface TableState {
  readonly sorting: Ref<Order[]>;
  readonly columnVisibility: Ref<Record<string, boolean>>;
  readonly columnFilters: Ref<{ id: string; value: unknown }[]>;
  readonly pagination: Ref<{ pageIndex: number; pageSize: number }>;
}

/** Makes the table of the library, which asks for everything anew whenever it draws. */
function createTable<Row extends { readonly id: string }>(
  data: Ref<Row[]>,
  definitions: Ref<ColumnDef<Row>[]>,
  state: TableState,
) {
  return useVueTable<Row>({
    get data() {
      return data.value;
    },
    get columns() {
      return definitions.value;
    },
    state: {
      get sorting() {
        return state.sorting.value;
      },
      get columnFilters() {
        return state.columnFilters.value;
      },
      get pagination() {
        return state.pagination.value;
      },
      get columnVisibility() {
        return state.columnVisibility.value;
      },
    },
    autoResetPageIndex: false,
    getRowId: ({ id }) => id,
    getCoreRowModel: getCoreRowModel(),
    getFilteredRowModel: getFilteredRowModel(),
    getSortedRowModel: getSortedRowModel(),
    getPaginationRowModel: getPaginationRowModel(),
  });
}

/** Orders by a column, the largest figures or the first words first; then the other way round; then as rows come. */
function nextOrder<Row>(key: string, columns: readonly Column<Row>[], now: Order | undefined): Order | null {
  const isNumber = columns.find((column) => column.key === key)?.isNumber ?? false;
  if (now?.id !== key) return { id: key, desc: isNumber };
  return now.desc === isNumber ? { id: key, desc: !isNumber } : null;
}

/** Does something while all rows that pass the filter are on the page. */
async function withAllRows<T>(pageRows: Ref<number>, look: () => T): Promise<T> {
  const before = pageRows.value;
  pageRows.value = Number.MAX_SAFE_INTEGER;
  await nextTick();
  try {
    return look();
  } finally {
    pageRows.value = before;
  }
}

/** Orders numbers by size, and texts by their words and the numbers in them. */
export function compareRanks(a: Rank, b: Rank): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}

function toDefinitions<Row>(columns: readonly Column<Row>[], toText: TableWish<Row>["toText"]): ColumnDef<Row>[] {
  const shown = columns.map(({ key, label, toRank }) => ({
    id: key,
    header: label,
    accessorFn: (row: Row) => toRank?.(row) ?? undefined,
    sortUndefined: "last" as const,
    sortingFn: (a: TableRow<Row>, b: TableRow<Row>, id: string) => compareRanks(a.getValue(id), b.getValue(id)),
  }));
  return toText === undefined ? shown : [...shown, { id: TEXT, accessorFn: toText, filterFn: hasWords }];
}

function toSorting<Row>(columns: readonly Column<Row>[], order: string | null): Order[] {
  if (order === null) return [];
  if (columns.find(({ key }) => key === order)?.toRank == null) {
    throw new Error(`table: the column ${order} must have a rank to order rows by it`);
  }
  return [{ id: order, desc: false }];
}

function toWords(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

function hasWords(row: TableRow<unknown>, id: string, words: readonly string[]): boolean {
  const text = row.getValue<string>(id).toLowerCase();
  return words.every((word) => text.includes(word));
}

import {
  type ColumnDef,
  getCoreRowModel,
  getFilteredRowModel,
  getPaginationRowModel,
  getSortedRowModel,
  type Row as TableRow,
  useVueTable,
} from "@tanstack/vue-table";
import { computed, ref, watch } from "vue";

/** Numbers or texts, the lowest first. */
export type Rank = number | string;

export interface Column<Row> {
  readonly key: string;
  readonly label: string;
  /** Figures stand flush right. */
  readonly isNumber?: boolean;
  readonly width?: string;
  /** What rows are ordered by where the table is ordered by this column. */
  readonly toRank?: (row: Row) => Rank;
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

  const data = computed(() => [...rows()]);
  const definitions = computed(() => toDefinitions(columns(), toText));
  const state = {
    sorting: computed(() => toSorting(columns(), order())),
    columnFilters: computed(() => (toText === undefined ? [] : [{ id: TEXT, value: toWords(wanted.value) }])),
    pagination: computed(() => ({ pageIndex: 0, pageSize: isLong ? pageRows.value : Number.MAX_SAFE_INTEGER })),
  };
  const table = useVueTable<Row>({
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
      columnVisibility: { [TEXT]: false },
    },
    autoResetPageIndex: false,
    getRowId: ({ id }) => id,
    getCoreRowModel: getCoreRowModel(),
    getFilteredRowModel: getFilteredRowModel(),
    getSortedRowModel: getSortedRowModel(),
    getPaginationRowModel: getPaginationRowModel(),
  });
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
  };
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
    accessorFn: toRank ?? (() => null),
    sortingFn: (a: TableRow<Row>, b: TableRow<Row>, id: string) => compareRanks(a.getValue(id), b.getValue(id)),
  }));
  return toText === undefined ? shown : [...shown, { id: TEXT, accessorFn: toText, filterFn: hasWords }];
}

function toSorting<Row>(columns: readonly Column<Row>[], order: string | null): { id: string; desc: boolean }[] {
  if (order === null) return [];
  if (columns.find(({ key }) => key === order)?.toRank === undefined) {
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

// Which square of a picture is kept. `x` and `y` say where it lies in what it leaves free: 0 is left or top, 1 right or bottom.
export interface Crop {
  zoom: number; // 1: as large as the picture allows
  x: number;
  y: number;
}
export interface Size {
  width: number;
  height: number;
}
export const whole: Crop = { zoom: 1, x: 0.5, y: 0.5 };
export const mostZoom = 8;

const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

// In pixels of the picture.
export function squareOf({ width, height }: Size, { zoom, x, y }: Crop): { left: number; top: number; side: number } {
  const side = Math.min(width, height) / zoom;
  return { left: x * (width - side), top: y * (height - side), side };
}

// After the picture was dragged by parts of the square's side.
export function moved(size: Size, crop: Crop, right: number, down: number): Crop {
  const { left, top, side } = squareOf(size, crop);
  const along = (from: number, by: number, length: number) => (length > side ? within((from - by * side) / (length - side), 0, 1) : 0.5);
  return { ...crop, x: along(left, right, size.width), y: along(top, down, size.height) };
}

// Keeps the middle of the square where it is, as far as the picture goes.
export function zoomed(size: Size, crop: Crop, zoom: number): Crop {
  const { left, top, side } = squareOf(size, crop);
  const next = within(zoom, 1, mostZoom);
  const nextSide = Math.min(size.width, size.height) / next;
  const along = (from: number, length: number) => (length > nextSide ? within((from + side / 2 - nextSide / 2) / (length - nextSide), 0, 1) : 0.5);
  return { zoom: next, x: along(left, size.width), y: along(top, size.height) };
}

const mostBytes = 1024 * 1024;
const mostPixels = 4096;
export const limits = 'At most 1 MB and 4096 by 4096 pixels';

// What is wrong with a picture before it is looked into, and after.
export function tooLarge(file: { size: number }): string | undefined {
  return file.size > mostBytes ? `This file has ${(file.size / mostBytes).toFixed(1)} MB. ${limits}.` : undefined;
}
export function tooWide({ width, height }: Size): string | undefined {
  return width > mostPixels || height > mostPixels ? `This picture is ${width} by ${height} pixels. ${limits}.` : undefined;
}

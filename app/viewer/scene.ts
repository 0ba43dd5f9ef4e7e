import type { Mesh } from "pleura/worker";
import {
  AmbientLight,
  Box3,
  BufferAttribute,
  BufferGeometry,
  Color,
  DirectionalLight,
  DoubleSide,
  Group,
  MeshStandardMaterial,
  PerspectiveCamera,
  Mesh as Shape,
  Sphere,
  Spherical,
  Vector3,
  WebGLRenderer,
  Scene as World,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import type { Rgb } from "./paint.ts";

/** A key's turn around the patient and upwards, radians, and how many times as far away it leads. */
const TURNS: Readonly<Record<string, readonly [around: number, up: number, away: number]>> = {
  ArrowLeft: [-0.15, 0, 1],
  ArrowRight: [0.15, 0, 1],
  ArrowUp: [0, 0.15, 1],
  ArrowDown: [0, -0.15, 1],
  "+": [0, 0, 0.9],
  "-": [0, 0, 1 / 0.9],
};

/** Surfaces in space, to be turned around. It is drawn when something changes, not all the time. */
export class Scene {
  private readonly renderer: WebGLRenderer;
  private readonly world = new World();
  private readonly group = new Group();
  private readonly camera = new PerspectiveCamera(30, 1, 10, 5000);
  private readonly controls: OrbitControls;
  private placed = false;

  /** @param context - the canvas's own: whoever makes the scene has seen that there is one */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    context: WebGL2RenderingContext,
  ) {
    this.renderer = new WebGLRenderer({ canvas, context });
    this.world.add(this.group, new AmbientLight(0xffffff, 0.7));
    const light = new DirectionalLight(0xffffff, 2.6);
    light.position.set(-0.6, 0.8, 0.6);
    this.camera.add(light);
    this.world.add(this.camera);
    this.camera.up.set(0, 0, 1);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.enablePan = false;
    canvas.addEventListener("keydown", (event) => this.turn(event));
    this.controls.addEventListener("change", () => this.draw());
  }

  /** Puts a surface into the scene under a name, in place of the last one of that name. */
  show(name: string, { positions, triangles }: Mesh, colour: Rgb, opacity: number): void {
    this.hide(name);
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(positions, 3));
    geometry.setIndex(new BufferAttribute(triangles, 1));
    geometry.computeVertexNormals();
    const material = new MeshStandardMaterial({
      color: new Color(...(colour.map((c) => c / 255) as [number, number, number])).convertSRGBToLinear(),
      roughness: 0.75,
      metalness: 0,
      side: DoubleSide,
      transparent: opacity < 1,
      opacity,
      depthWrite: opacity === 1,
    });
    const shape = new Shape(geometry, material);
    shape.name = name;
    shape.renderOrder = opacity < 1 ? 1 : 0;
    this.group.add(shape);
    this.draw();
  }

  /** Takes a surface out of the scene. */
  hide(name: string): void {
    const shape = this.group.getObjectByName(name) as Shape<BufferGeometry, MeshStandardMaterial> | undefined;
    if (shape === undefined) return;
    shape.geometry.dispose();
    shape.material.dispose();
    shape.removeFromParent();
    this.draw();
  }

  /** Fits the drawing to the canvas and draws. */
  draw(): void {
    const { clientWidth, clientHeight } = this.canvas;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.renderer.setPixelRatio(Math.min(2, devicePixelRatio));
    this.renderer.setSize(clientWidth, clientHeight, false);
    this.camera.aspect = clientWidth / clientHeight;
    this.camera.updateProjectionMatrix();
    this.renderer.render(this.world, this.camera);
  }

  /** Frees everything. */
  close(): void {
    for (const child of [...this.group.children]) this.hide(child.name);
    this.controls.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }

  /** By the keyboard: the arrow keys turn, + and − come nearer and go away. */
  private turn(event: KeyboardEvent): void {
    const [around = 0, up = 0, away = 1] = TURNS[event.key] ?? [];
    if (TURNS[event.key] === undefined) return;
    event.preventDefault();
    const from = this.camera.position.clone().sub(this.controls.target);
    // Up is z here, and y where angles are counted.
    const place = new Spherical().setFromCartesianCoords(from.x, from.z, -from.y);
    place.theta += around;
    place.phi -= up;
    place.radius *= away;
    place.makeSafe();
    const { x, y, z } = new Vector3().setFromSpherical(place);
    this.camera.position.copy(this.controls.target).add(new Vector3(x, -z, y));
    this.controls.update();
  }

  /** The first time looks at all that is there, from the front and a little from above. */
  place(): void {
    if (this.placed || this.group.children.length === 0) return;
    const sphere = new Box3().setFromObject(this.group).getBoundingSphere(new Sphere());
    this.controls.target.copy(sphere.center);
    const from = new Vector3(0.25, -1, 0.18).normalize().multiplyScalar(sphere.radius * 3.1);
    this.camera.position.copy(sphere.center).add(from);
    this.controls.update();
    this.placed = true;
    this.draw();
  }
}
